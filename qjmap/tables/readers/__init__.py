"""Any file -> a grid of texts, one module per kind of file.

choose_reader         the entry: detect the kind of a file (`detect_kind`), check `limits`, call its reader
delimited             CSV and other delimited text, row by row; `delimited_arrow` by columns
encoding              bytes -> text; `language_score` and `letter_frequencies` to detect legacy encodings
workbook              .xlsx, .xlsb, .xls, .ods by calamine; for what it does not report `*_metadata`, over `workbook_package` (zip),
                      `ole_container` (.xls), `number_formats` and `ods_number_styles`
sheets                the visible worksheets of a workbook, for those who choose among them
html_table            HTML named .xls; `spreadsheet_xml` XML Spreadsheet 2003
find_header_row       rows of texts -> grid
geojson, kml, gpx, shapefile, geopackage, flatgeobuf
                      vector files -> `features_to_grid`; `crs` for reference systems, `xml_tree` for XML
parquet               Parquet and GeoParquet
zipped_table          a zip file that holds any of these; `zip_archive` reads its members
"""
