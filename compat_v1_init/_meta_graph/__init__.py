"""The first values of a TF1 graph's variables, from the file that holds the graph: `from_meta_graph`, `inspect`."""
