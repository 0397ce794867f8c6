import ArgumentParser
import Foundation
import JobImport

/// Turns systemd timers into job files.
struct ImportSystemdTimer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "systemd-timer",
    abstract: "Turn systemd timers, with their services beside them, into job files; say what could not be carried over.")

  @Argument(help: "Timer units.", completion: .file(extensions: ["timer"]))
  var files: [String]

  @OptionGroup var options: ImportOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var units: [(timer: TimerImport.Unit, service: TimerImport.Unit?)] = []
    for file in files {
      let timer = TimerImport.Unit(path: file, text: try ImportSource.text(file))
      units.append((timer, try service(of: timer)))
    }
    try ImportSink(options: options, global: global).take(TimerImport.read(units))
  }

  /// Beside the timer; of an instance also its template.
  private func service(of timer: TimerImport.Unit) throws -> TimerImport.Unit? {
    let folder = timer.path.lastIndex(of: "/").map { String(timer.path[...$0]) } ?? ""
    let name = TimerImport.serviceName(of: timer)
    var places = [name]
    if let at = name.firstIndex(of: "@"), let dot = name.lastIndex(of: ".") {
      places.append(String(name[...at] + name[dot...]))
    }
    for place in places where access(folder + place, F_OK) == 0 {
      // An instance's own name counts, not its template's.
      return TimerImport.Unit(path: folder + name, text: try ImportSource.text(folder + place))
    }
    return nil
  }
}
