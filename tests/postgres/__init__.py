"""What is tested with a PostgreSQL server whatever database the other tests use. Without a server they are skipped."""
