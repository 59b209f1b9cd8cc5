"""The reward server (`audiojudge serve`, docs/serve.md): requests in, the records of `audiojudge score` out."""
