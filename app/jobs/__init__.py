"""Work outside of requests: the job queue, schedules, and the outbox of events.

A web process writes rows; one or more worker processes (``flask jobs work``) do the work. A row in
the database is the truth about a job. The message in the queue (SQLite file or Redis) only wakes a
worker early: one that got lost is sent again by the worker's sweep.
"""
