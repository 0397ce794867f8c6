import Foundation
import NIOCore

/// Who is at the other end of a connection, as the kernel says (SO_PEERCRED, unix(7)): of the moment at which it connected.
struct Peer: Hashable, Sendable {
  var pid: pid_t
  var uid: uid_t
  var gid: gid_t

  /// Asks the kernel; on the channel's event loop.
  static func of(_ channel: any Channel) -> EventLoopFuture<Peer> {
    guard let provider = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
    }
    return provider.unsafeGetSocketOption(level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
  }
}

/// Who may ask: root, the daemon's own user, and members of the socket's group. The socket's mode says the same; this holds also
/// where the mode was changed.
struct PeerGate: Sendable {
  let owner: uid_t
  let group: gid_t?

  /// Looks the user's groups up where that is needed, which may take a moment.
  func admits(_ peer: Peer) -> Bool {
    if peer.uid == 0 || peer.uid == owner { return true }
    guard let group else { return false }
    return peer.gid == group || groups(of: peer).contains(group)
  }

  /// Those of the process itself; where /proc hides it, those that the user would have after logging in.
  private func groups(of peer: Peer) -> [gid_t] {
    Self.groups(ofProcess: peer.pid, uid: peer.uid) ?? Self.groups(ofUser: peer.uid, gid: peer.gid)
  }

  private static func groups(ofProcess pid: pid_t, uid: uid_t) -> [gid_t]? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/status") else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    func numbers(_ label: String) -> [UInt32]? {
      lines.first { $0.hasPrefix(label) }?.dropFirst(label.count).split(whereSeparator: \.isWhitespace).compactMap {
        UInt32($0)
      }
    }
    // The number may be another process's by now: then its user differs, or the kernel's word of the connection stands.
    guard let uids = numbers("Uid:"), uids.contains(uid) else { return nil }
    return numbers("Groups:")
  }

  private static func groups(ofUser uid: uid_t, gid: gid_t) -> [gid_t] {
    var entry = passwd()
    var buffer = [CChar](repeating: 0, count: 16_384)
    var found: UnsafeMutablePointer<passwd>?
    guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
      return []
    }
    var groups = [gid_t](repeating: 0, count: 1_024)
    var count = Int32(groups.count)
    guard getgrouplist(name, gid, &groups, &count) >= 0 else { return [] }
    return Array(groups.prefix(Int(count)))
  }
}
