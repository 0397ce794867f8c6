import Glibc

/// A user to be, looked up.
package struct Account: Hashable, Sendable {
  /// As it was asked for.
  package var name: String
  package var user: UInt32
  package var group: UInt32

  /// Every group, the first among them.
  package var groups: [UInt32]

  /// The account that `user` and `group` (names, or numbers) mean; nil when that is what this process is already. Throws
  /// `CommandError.account`, also when it is another one and this process is not root's.
  package static func named(user: String?, group: String?) throws(CommandError) -> Account? {
    guard user != nil || group != nil else { return nil }
    let entry = if let user { try PasswordEntry.named(user) } else { PasswordEntry.own() }
    let gid = if let group { try groupNumber(group) } else { entry.group }
    if geteuid() != 0 {
      if entry.user == geteuid(), gid == getegid() { return nil }
      let wanted = [user.map { "as user \($0)" }, group.map { "as group \($0)" }].compactMap(\.self).joined(separator: " and ")
      throw CommandError(
        .account, "the command is to be run \(wanted), which only root can do; this process is user \(geteuid())'s")
    }
    return Account(
      name: [user, group].compactMap(\.self).joined(separator: ":"), user: entry.user, group: gid,
      groups: entry.groups(with: gid))
  }

  private static func groupNumber(_ name: String) throws(CommandError) -> UInt32 {
    if let number = UInt32(name) { return number }
    var buffer = [CChar](repeating: 0, count: 65_536)
    var record = Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    guard getgrnam_r(name, &record, &buffer, buffer.count, &found) == 0, found != nil else {
      throw CommandError(.account, "there is no group \(name) on this machine")
    }
    return record.gr_gid
  }
}

/// What the user database says of a user.
struct PasswordEntry: Hashable, Sendable {
  var name: String
  var user: UInt32
  var group: UInt32
  var home: String
  var shell: String

  /// By name or number. Throws `CommandError.account`.
  static func named(_ name: String) throws(CommandError) -> PasswordEntry {
    if let entry = look({ getpwnam_r(name, $0, $1, $2, $3) }) { return entry }
    if let number = UInt32(name), let entry = look({ getpwuid_r(number, $0, $1, $2, $3) }) { return entry }
    throw CommandError(.account, "there is no user \(name) on this machine")
  }

  /// Of this process's user, who may have no entry.
  static func own() -> PasswordEntry {
    let number = geteuid()
    return look { getpwuid_r(number, $0, $1, $2, $3) }
      ?? PasswordEntry(name: "\(number)", user: number, group: getegid(), home: "/", shell: "/bin/sh")
  }

  /// The groups that the user is in, `first` among them.
  func groups(with first: UInt32) -> [UInt32] {
    var count: Int32 = 64
    while true {
      var groups = [gid_t](repeating: 0, count: Int(count))
      let room = count
      if getgrouplist(name, first, &groups, &count) >= 0 { return Array(groups.prefix(Int(count))) }
      count = max(count, room * 2)
    }
  }

  private typealias Record = UnsafeMutablePointer<passwd>
  private typealias Found = UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>

  private static func look(_ call: (Record, UnsafeMutablePointer<CChar>, Int, Found) -> Int32) -> PasswordEntry? {
    var buffer = [CChar](repeating: 0, count: 65_536)
    var record = passwd()
    var found: UnsafeMutablePointer<passwd>?
    guard call(&record, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
    return PasswordEntry(
      name: String(cString: record.pw_name), user: record.pw_uid, group: record.pw_gid,
      home: String(cString: record.pw_dir), shell: String(cString: record.pw_shell))
  }
}
