"""What is shown: columns and rows for tables and trees, and documents made of them."""
