"""Series: where they come from, how they are cut into windows or padded, and the simple methods beside them."""
