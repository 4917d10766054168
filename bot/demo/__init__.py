"""Demo: the main job end to end, on bundled feeds, without tokens or internet."""
