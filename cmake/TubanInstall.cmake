# Install, export and version files, pkg-config; HiGHS carried along.
