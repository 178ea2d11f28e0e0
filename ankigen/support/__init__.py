"""Tools independent of cards: values, hashes, normal forms of names, files, folders."""
