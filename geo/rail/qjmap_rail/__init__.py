"""Railways of China in `railways.z`, a file that `qjmap.ground` reads; © OpenStreetMap contributors, ODbL 1.0."""
