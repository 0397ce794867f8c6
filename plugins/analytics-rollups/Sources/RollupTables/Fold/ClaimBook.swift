/// Who has which event id: finds ids that several users have. On disk, sorted piece by piece, so that many events need no memory.
final class ClaimBook {
  private static let pieces = 64
  private static let claimsPerBuffer = 4_096

  private struct Claim {
    var id: UInt64
    var user: UInt64
  }

  private let folder: String
  private var files: [SystemFile] = []
  private var buffers: [[Claim]]
  private var counts = [Int](repeating: 0, count: ClaimBook.pieces)

  /// Throws `system`.
  init(in folder: String, name: String) throws(RollupsError) {
    self.folder = folder
    buffers = Array(repeating: [], count: Self.pieces)
    for piece in 0..<Self.pieces {
      let path = "\(folder)/\(name).\(piece).new"
      files.append(try SystemFile.create(path))
      // It has no name from now on, and is gone with this process.
      try SystemFile.remove(path)
    }
  }

  func add(_ events: [Event], of user: UInt32) throws(RollupsError) {
    for event in events {
      let piece = Int(event.idHigh >> 58)
      buffers[piece].append(Claim(id: event.idHigh, user: UInt64(user)))
      if buffers[piece].count == Self.claimsPerBuffer { try flush(piece) }
    }
  }

  private func flush(_ piece: Int) throws(RollupsError) {
    var failure: RollupsError?
    buffers[piece].withUnsafeBytes { bytes in
      do throws(RollupsError) { try files[piece].write(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    counts[piece] += buffers[piece].count
    buffers[piece].removeAll(keepingCapacity: true)
  }

  /// The first halves of ids that more than one user has. Throws `system`.
  func contested() throws(RollupsError) -> Set<UInt64> {
    var found: Set<UInt64> = []
    for piece in 0..<Self.pieces {
      try flush(piece)
      var claims = [Claim](repeating: Claim(id: 0, user: 0), count: counts[piece])
      var failure: RollupsError?
      claims.withUnsafeMutableBytes { room in
        do throws(RollupsError) { _ = try files[piece].read(into: room, at: 0) } catch { failure = error }
      }
      if let failure { throw failure }
      claims.sort { $0.id < $1.id }
      for index in claims.indices.dropFirst()
      where claims[index].id == claims[index - 1].id && claims[index].user != claims[index - 1].user {
        found.insert(claims[index].id)
      }
    }
    return found
  }
}

/// Whose an id is that several users have: the user's whose event with it is the earliest; of several at one instant the first by
/// user id.
struct OwnerBook: Sendable {
  private struct ID: Hashable {
    var high: UInt64
    var low: UInt64
  }

  private var owners: [ID: (atUs: Int64, user: UInt32)] = [:]

  var isEmpty: Bool { owners.isEmpty }

  /// Of no contested ids.
  init() {}

  /// Goes through all events for those of `contested`. Throws `invalid`, `system`.
  init(_ contested: Set<UInt64>, in parts: [PartFile]) throws(RollupsError) {
    let merge = try RunMerge(parts)
    while try merge.next() {
      for event in merge.events where contested.contains(event.idHigh) {
        let id = ID(high: event.idHigh, low: event.idLow)
        // Users come in the order of their ids, and a user's events in the order of time.
        if let owner = owners[id], owner.atUs <= event.atUs { continue }
        owners[id] = (event.atUs, merge.serial)
      }
    }
  }

  func isOwner(_ user: UInt32, of event: Event) -> Bool {
    owners[ID(high: event.idHigh, low: event.idLow)].map { $0.user == user } ?? true
  }
}
