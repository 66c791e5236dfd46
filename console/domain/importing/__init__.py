"""What may be imported, how a heading is known, how a cell is read, and what is said when it cannot be."""
