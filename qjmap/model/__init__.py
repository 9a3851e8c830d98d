"""The atlas: located GeoDataFrames in WGS 84 (EPSG:4326), positions, relations, leg lines."""
