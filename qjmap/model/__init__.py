"""Build the atlas of a project: its tables as GeoDataFrames in WGS 84 (EPSG:4326), with positions, relations and leg lines."""
