"""Problems with approvers, as tasks until they are done."""
