/// Where recipients come from: exactly one of `file`, `sqlite` and `event`.
package struct RecipientsConfig: Decodable, Hashable, Sendable {
  /// How a file is read.
  package enum Format: String, Decodable, Hashable, Sendable, CaseIterable {
    case csv
    case ndjson
  }

  /// A file with a record for each recipient. An absolute path.
  package var file: String?

  /// Default: `ndjson` for a file that ends in `.ndjson` or `.jsonl`, else `csv`.
  package var format: Format

  /// Of a CSV file; one ASCII character. Default a comma.
  package var delimiter: String

  package var sqlite: SQLiteQuery?
  package var event: EventQuery?
  package var fields: RecipientFields

  private enum CodingKeys: String, CodingKey {
    case file, format, delimiter, sqlite, event, fields
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    file = try values.decodeIfPresent(String.self, forKey: .file)
    let isNDJSON = file.map { $0.hasSuffix(".ndjson") || $0.hasSuffix(".jsonl") } ?? false
    format = try values.decodeIfPresent(Format.self, forKey: .format) ?? (isNDJSON ? .ndjson : .csv)
    delimiter = try values.decodeIfPresent(String.self, forKey: .delimiter) ?? ","
    sqlite = try values.decodeIfPresent(SQLiteQuery.self, forKey: .sqlite)
    event = try values.decodeIfPresent(EventQuery.self, forKey: .event)
    fields = try values.decodeIfPresent(RecipientFields.self, forKey: .fields) ?? RecipientFields()
  }
}

/// A query on a SQLite file that is opened for reading only; its columns are the fields.
package struct SQLiteQuery: Decodable, Hashable, Sendable {
  package var file: String
  package var query: String
}

/// The document that triggered the run.
package struct EventQuery: Decodable, Hashable, Sendable {
  /// What its `type` must be; nil: anything.
  package var type: String?

  /// Where in it the recipient, or the list of them, stands: a dotted path; nil: the document itself.
  package var at: String?
}
