import Synchronization

/// Which keys a configuration has, and which of them its type asked for, container by container.
final class KeyRecord: Sendable {
  private struct Object {
    var present: Set<String> = []
    var asked: Set<String> = []
  }

  /// Objects by their JSON pointer.
  private let objects = Mutex<[String: Object]>([:])

  func open(_ pointer: String, present: [String]) {
    objects.withLock { $0[pointer, default: Object()].present.formUnion(present) }
  }

  func ask(_ pointer: String, _ key: String) {
    _ = objects.withLock { $0[pointer, default: Object()].asked.insert(key) }
  }

  /// Keys of the object at `pointer` that were not asked for.
  func strangers(at pointer: String) -> [String] {
    objects.withLock { $0[pointer].map { $0.present.subtracting($0.asked).sorted() } ?? [] }
  }

  /// A finding for each key that nobody asked for, by pointer.
  var unknown: [Diagnostic] {
    let objects = objects.withLock(\.self)
    return objects.sorted { $0.key < $1.key }.flatMap { pointer, object in
      object.present.subtracting(object.asked).sorted().map { key in
        let free = object.asked.subtracting(object.present)
        let near =
          Spelling.nearest(to: key, among: free.sorted())
          ?? Spelling.nearest(to: key, among: object.asked.sorted())
        let hint: String
        if let near {
          hint = "did you mean \"\(near)\"?"
        } else if object.asked.isEmpty {
          hint = "there are no keys here"
        } else {
          hint = "known here: \(object.asked.sorted().joined(separator: ", "))"
        }
        return .error("unknown key \"\(key)\"; \(hint)", at: pointer + "/" + JSONPointer.escaped(key))
      }
    }
  }
}

extension CodingUserInfoKey {
  /// Where `Recorded` finds the record. Its name is constant text, which is the one thing the initialiser can refuse.
  static let keyRecord = CodingUserInfoKey(rawValue: "carillon.keyRecord")!
}
