"""Process a table that is too large for memory in two passes over its partitions, with the same results as for a table in memory.

The modules in the order of a run:

    parse_partition   first pass: parses each partition; returns its faults, and facts about its rows (ids and names as 64-bit hashes)
    merge_facts       merges the facts about all partitions, generates missing ids, and runs the checks that compare rows
    collect_rows      collects the few rows that these checks and other tables need
    check_and_locate  second pass: checks and locates the rows of each partition, and serializes them for the output file
    external_sort     sorts the rows of all partitions by id, using files
    run_passes        runs all of this for a project, and returns its faults, its atlas and the file of its sites

They use:

    generate_ids_in_parts
                      generates ids for rows that have none
    row_numbers       numbers rows over all partitions, and maps the numbers back to file and row
    sorted_hashes     finds equal texts by sorted 64-bit hashes
"""
