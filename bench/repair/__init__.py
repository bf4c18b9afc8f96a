"""How well repair does, and where its model comes from."""
