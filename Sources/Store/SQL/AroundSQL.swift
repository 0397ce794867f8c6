/// The statements about what surrounds a run: events, artifacts, checkpoints.
enum AroundSQL {
  static let addEvent = """
    INSERT INTO event (run, item, type, json, created_us)
    SELECT number, NULL, :type, :json, :at FROM run WHERE number = :run
    """

  static let events = """
    SELECT number, item, type, json, created_us FROM event INDEXED BY event_run
    WHERE run = :run AND number > :after ORDER BY number LIMIT :limit
    """

  static let putArtifact = """
    INSERT INTO artifact (run, name, media_type, bytes, created_us)
    SELECT number, :name, :mediaType, :bytes, :createdAt FROM run WHERE number = :run
    ON CONFLICT (run, name) DO UPDATE
    SET media_type = excluded.media_type, bytes = excluded.bytes, created_us = excluded.created_us
    """

  static let artifacts = "SELECT name, media_type, bytes, created_us FROM artifact WHERE run = ? ORDER BY name"

  static let checkpoint = "SELECT value FROM checkpoint WHERE job = ? AND key = ?"

  static let setCheckpoint = """
    INSERT INTO checkpoint (job, key, value) VALUES (:job, :key, :value)
    ON CONFLICT (job, key) DO UPDATE SET value = excluded.value
    """

  static let removeCheckpoint = "DELETE FROM checkpoint WHERE job = :job AND key = :key"
}
