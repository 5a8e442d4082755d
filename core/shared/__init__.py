"""Building blocks that every area uses: clocks, ids, errors, events, paging."""
