import Foundation
import GRDB
import Testing

@testable import EmailDispatch

@Suite struct RecipientTests {
  private let folder = ScratchFolder()

  private func read(_ config: String, event: String? = nil) throws -> [(key: String, recipient: Recipient)] {
    let config = try JSONDecoder().decode(RecipientsConfig.self, from: Data(config.utf8))
    var found: [(key: String, recipient: Recipient)] = []
    try RecordSource(config, event: event.map { Array($0.utf8) }).forEach { values, place in
      found.append(try Recipient.read(values, fields: config.fields, place: place))
    }
    return found
  }

  private func message(_ config: String, event: String? = nil) -> String {
    do {
      _ = try read(config, event: event)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func csv() throws {
    try folder.write(
      "a.csv", "\u{feff}email,name,note\r\na@x.test,\"Lee, Ann\",\"two\nlines \"\"q\"\"\"\r\n\r\nb@x.test,Bob,\r\n")
    let found = try read(#"{"file": "\#(folder.path)/a.csv"}"#)
    #expect(found.map(\.key) == ["a@x.test", "b@x.test"])
    #expect(found[0].recipient.name == "Lee, Ann" && found[0].recipient.values["note"] == .text("two\nlines \"q\""))
    #expect(found[1].recipient.name == "Bob" && found[1].recipient.values["note"] == .text(""))
  }

  @Test func csvWithOtherFieldsAndDelimiter() throws {
    try folder.write("a.txt", "Mail;Nr;Sprache\nä@x.test;7;de\n")
    let found = try read(
      #"{"file": "\#(folder.path)/a.txt", "delimiter": ";", "fields": {"address": "Mail", "key": "Nr", "user": "Nr", "locale": "Sprache"}}"#
    )
    #expect(found[0].key == "7" && found[0].recipient.address == "ä@x.test" && found[0].recipient.locale == "de")
  }

  @Test func ndjson() throws {
    try folder.write(
      "a.ndjson", "{\"email\":\"a@x.test\",\"id\":12,\"deep\":{\"x\":[1,null,true,1.5]}}\n\n{\"email\":\"b@x.test\"}")
    let found = try read(#"{"file": "\#(folder.path)/a.ndjson"}"#)
    #expect(found.count == 2 && found[0].recipient.user == "12")
    #expect(found[0].recipient.values["deep"] == .object(["x": .list([.integer(1), .null, .bool(true), .number(1.5)])]))
  }

  @Test func aQuery() throws {
    let database = try DatabaseQueue(path: "\(folder.path)/users.db")
    try database.write {
      try $0.execute(
        sql: "CREATE TABLE u (email, name, age); INSERT INTO u VALUES ('a@x.test', 'Ann', 41), ('b@x.test', NULL, 1.5)")
    }
    let found = try read(#"{"sqlite": {"file": "\#(folder.path)/users.db", "query": "SELECT * FROM u ORDER BY email"}}"#)
    #expect(found[0].recipient.values["age"] == .integer(41) && found[1].recipient.values["name"] == .null)
    // It is opened for reading only.
    #expect(
      message(#"{"sqlite": {"file": "\#(folder.path)/users.db", "query": "DELETE FROM u RETURNING email"}}"#).contains(
        "readonly"))
  }

  @Test func anEvent() throws {
    let event = #"{"type": "user_registered", "data": {"user": {"email": "a@x.test", "id": "u1", "name": "Ann"}}}"#
    let found = try read(#"{"event": {"type": "user_registered", "at": "data.user"}}"#, event: event)
    #expect(found[0].key == "a@x.test" && found[0].recipient.user == "u1")
    #expect(
      message(#"{"event": {"type": "user_deleted"}}"#, event: event).contains(
        "the event's type is user_registered, and this job takes user_deleted"))
    #expect(message(#"{"event": {}}"#).contains("none began this run"))
    #expect(message(#"{"event": {"at": "data.nobody"}}"#, event: event).contains("has no object at data.nobody"))
  }

  @Test(arguments: [
    ("email,name\na@x.test\n", ":2: 1 fields, and the header has 2"), ("email\n\"a\n", ":2: a quote is not closed"),
    ("email\n\"a\"b\n", ":2: something follows a closing quote"),
    ("name\nAnn\n", ":2: the field email, with the address, is missing or empty"),
    ("email,email\na,b\n", "two columns are called \"email\""),
  ])
  func brokenTables(_ text: String, _ what: String) throws {
    try folder.write("b.csv", text)
    #expect(message(#"{"file": "\#(folder.path)/b.csv"}"#).contains(what))
  }

  @Test func missingFilesAreNamed() {
    #expect(message(#"{"file": "/nowhere/a.csv"}"#) == "/nowhere/a.csv cannot be opened: No such file or directory")
  }
}
