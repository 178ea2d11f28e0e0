"""The syntax of the notes: from bytes to text, from text to outlines, and the marks in a text."""
