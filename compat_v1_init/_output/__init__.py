"""What is shown: tables, pages, pictures and lines of text."""
