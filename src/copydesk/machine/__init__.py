"""What work costs, and what it is done with: processes, threads, memory, machine code."""
