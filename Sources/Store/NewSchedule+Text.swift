package import JobModel

extension NewSchedule {
  /// The spec as the store keeps it: JSON with its keys in order. Throws `io` for a spec that has none.
  package static func text(of spec: ScheduleSpec) throws(StoreError) -> [UInt8] {
    if let text = plainText(of: spec) { return text }
    do { return Array(try JSONColumn.encode(spec).utf8) } catch {
      throw StoreError(.io, "schedule \(spec.name) cannot be written as JSON: \(error)", cause: error)
    }
  }

  /// The text of most schedules, for which a start does not ask the encoder: only expressions and a zone, in characters that stand for
  /// themselves. nil for any other.
  static func plainText(of spec: ScheduleSpec) -> [UInt8]? {
    guard spec == ScheduleSpec(name: spec.name, expressions: spec.expressions, zone: spec.zone) else { return nil }
    var text: [UInt8] = []
    text.reserveCapacity(128)
    func add(_ value: String) -> Bool {
      text.append(UInt8(ascii: "\""))
      for byte in value.utf8 {
        guard (0x20..<0x7f).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return false }
        text.append(byte)
      }
      text.append(UInt8(ascii: "\""))
      return true
    }
    text += "{\"expressions\":[".utf8
    for (index, expression) in spec.expressions.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      guard add(expression) else { return nil }
    }
    text += "],\"name\":".utf8
    guard add(spec.name) else { return nil }
    text += ",\"zone\":".utf8
    guard add(spec.zone) else { return nil }
    text.append(UInt8(ascii: "}"))
    return text
  }
}
