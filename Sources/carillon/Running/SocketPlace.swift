import ControlAPI
import ControlClient

/// Where a daemon may listen.
struct SocketPlace: Hashable, Sendable {
  /// What systemd's unit uses.
  static let system = "/run/carillon/carillon.sock"
  /// The state directory that goes with it.
  static let systemState = "/var/lib/carillon"

  var path: String
  /// It was named by `--socket`: nothing else is meant.
  var isNamed = false
  /// It belongs to the state directory in use: who may not connect to it may not read that directory either.
  var isOwn = false

  /// - Parameters:
  ///   - state: the state directory, absolute.
  ///   - isOwnState: the caller named it: the machine's own daemon is then not meant.
  static func places(option: String?, variable: String?, state: String, isOwnState: Bool) -> [SocketPlace] {
    if let option { return [SocketPlace(path: Installation.absolute(option), isNamed: true)] }
    if let variable { return [SocketPlace(path: Installation.absolute(variable))] }
    let own = SocketPlace(path: "\(state)/carillon.sock", isOwn: true)
    return isOwnState && state != systemState ? [own] : [own, SocketPlace(path: system)]
  }
}

extension Installation {
  /// What answers: a daemon where one listens, else the store's file.
  ///
  /// Throws where a daemon listens that this user may not ask, unless it is the machine's and this user has a state directory of
  /// their own; and where `--socket` names one that is not there.
  func control() throws(CommandError) -> any Control {
    if let (remote, _) = try daemon() { return remote }
    return StoreControl(self, absence: try absence())
  }

  /// The daemon and its process id; nil when none listens.
  func daemon() throws(CommandError) -> (control: RemoteControl, pid: Int)? {
    for place in sockets {
      do throws(ControlError) {
        let pid = try DaemonSocket(place.path).peer()
        return (RemoteControl(DaemonSocket(place.path)), pid)
      } catch {
        switch error.code {
        case .notHere where !place.isNamed: continue
        case .forbidden where place.isOwn:
          if let denial = denial() { throw denial }
          throw CommandError(error)
        case .forbidden where !place.isNamed && sockets.count > 1: continue
        case .invalid where place.isOwn: continue  // a state directory with a long path has no daemon
        default: throw CommandError(error)
        }
      }
    }
    return nil
  }

  /// Why there is no daemon to ask: what commands that need one say.
  private func absence() throws(CommandError) -> ControlError {
    var last = ControlError(.notHere, "no daemon runs; start one with \"carillon daemon\"")
    for place in sockets.reversed() {
      do throws(ControlError) { try DaemonSocket(place.path).peer() } catch { last = error }
      if last.code == .forbidden { return last }
    }
    return ControlError(.notHere, last.message)
  }

  /// A daemon has the jobs of its own folder: another one that the caller named is not what would be run.
  func checkJobsFolder(of control: any Control) async throws {
    guard namesJobsFolder else { return }
    let folder = try await control.status().jobsFolder
    guard folder != Self.absolute(jobsFolder) else { return }
    throw CommandError(
      .usage,
      "the daemon runs the jobs of \(folder), not of \(jobsFolder); leave --jobs-dir out, or run the job here with --here")
  }
}
