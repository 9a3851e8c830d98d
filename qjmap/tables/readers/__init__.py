"""Any file -> a grid of texts (`grid`), one module per kind of file.

choose_reader         entry point: detects the kind of a file (`detect_kind`), checks `limits`, calls the reader
delimited             CSV and other delimited text, row by row; `delimited_arrow` reads it by columns
encoding              bytes -> text; `language_score` and `letter_frequencies` detect legacy encodings
workbook              .xlsx, .xlsb, .xls, .ods by calamine. What calamine does not report is read by the `*_metadata` modules, with
                      `workbook_package` (zip), `ole_container` (.xls), `number_formats` and `ods_number_styles`
sheets                the visible worksheets of a workbook, for callers that choose among them
html_table            HTML named .xls; `spreadsheet_xml` reads XML Spreadsheet 2003
find_header_row       rows of texts -> grid; `non_data_rows`, `row_words`, `stacked_headers` and `cell_shapes` tell headers and notes from data
geojson, kml, gpx, shapefile, geopackage, flatgeobuf
                      vector files -> `features_to_grid`; `crs` for reference systems, `xml_tree` for XML
parquet               Parquet and GeoParquet
zipped_table          a zip file that holds any of these; `zip_archive` reads its members
dataframe             a DataFrame in memory
"""
