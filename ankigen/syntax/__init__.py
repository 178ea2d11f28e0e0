"""The language of the notes: from bytes to text, from text to outlines, and what stands within a text."""
