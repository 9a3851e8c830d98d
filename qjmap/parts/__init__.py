"""Tables in parts: read, checked, located and written part by part, by any engine, with the bytes of one table.

The modules in the order in which a part passes through them:

    hashing     texts as 64-bit numbers: who has whose id or name, over all parts, for 16 bytes a row
    slugged     ids for rows that have none, without their texts in one place
    looking     a part alone: its faults, and what the others must know of it
    settling    all parts together: ids, duplicates, names; and the few rows that somebody asks for
    finishing   a part again, now that all is known: references, doubts, positions, districts, its rows as files have them
    runs        rows of many parts in the order of their ids, through files
    districts   how many sites lie in which district
    road        all of this, from a project's folder to its atlas and its exports
    sampling    some of the sites of one table, as a table in parts chooses them
    locating    `locate --file` of a folder
"""
