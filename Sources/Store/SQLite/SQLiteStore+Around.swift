internal import Foundation
internal import GRDB
package import JobModel

extension SQLiteStore {
  package func addEvent(run: RunNumber, type: String, json: String, at: Timestamp) async throws(StoreError) {
    try await writer.write("storing an event", bytes: json.utf8.count) { context in
      try context.db.execute(
        sql: AroundSQL.addEvent, arguments: ["run": run.raw, "type": type, "json": json, "at": at.microseconds])
      guard context.db.changesCount == 1 else { throw StoreError.noRun(run) }
    }
  }

  package func events(run: RunNumber, after: Int64, limit: Int) async throws(StoreError) -> [EventRecord] {
    try await peopleReader.read("listing events") { db in
      try Row.fetchAll(
        db, sql: AroundSQL.events, arguments: ["run": run.raw, "after": after, "limit": max(0, limit)]
      ).map { row in
        EventRecord(
          number: row["number"], item: (row["item"] as Int64?).map(ItemID.init(raw:)), type: row["type"],
          json: row["json"], createdAt: Timestamp(microseconds: row["created_us"]))
      }
    }
  }

  package func putArtifact(_ artifact: ArtifactRecord, run: RunNumber) async throws(StoreError) {
    try await writer.write("recording an artifact") { context in
      try context.db.execute(
        sql: AroundSQL.putArtifact,
        arguments: [
          "run": run.raw, "name": artifact.name, "mediaType": artifact.mediaType, "bytes": artifact.bytes,
          "createdAt": artifact.createdAt.microseconds,
        ])
      guard context.db.changesCount == 1 else { throw StoreError.noRun(run) }
    }
  }

  package func artifacts(run: RunNumber) async throws(StoreError) -> [ArtifactRecord] {
    try await peopleReader.read("listing artifacts") { db in
      try Row.fetchAll(db, sql: AroundSQL.artifacts, arguments: [run.raw]).map { row in
        ArtifactRecord(
          name: row["name"], mediaType: row["media_type"], bytes: row["bytes"],
          createdAt: Timestamp(microseconds: row["created_us"]))
      }
    }
  }

  package func checkpoint(job: String, key: String) async throws(StoreError) -> [UInt8]? {
    try await hotReader.read("reading a checkpoint") { db in
      try Data.fetchOne(db, sql: AroundSQL.checkpoint, arguments: [job, key]).map { [UInt8]($0) }
    }
  }

  package func setCheckpoint(job: String, key: String, value: [UInt8]) async throws(StoreError) {
    try await writer.write("keeping a checkpoint", bytes: value.count) { context in
      if value.isEmpty {
        try context.db.execute(sql: AroundSQL.removeCheckpoint, arguments: ["job": job, "key": key])
      } else {
        try context.db.execute(
          sql: AroundSQL.setCheckpoint, arguments: ["job": job, "key": key, "value": Data(value)])
      }
    }
  }
}
