import CCarillonPlugin

/// The contract's `check`: what decoding finds, then what the plugin finds.
enum ConfigCheck<P: Plugin> {
  static func diagnostics(_ json: [UInt8]) -> [Diagnostic] {
    do {
      let (config, unknown) = try ConfigReader.read(P.Config.self, from: json)
      return unknown + P.check(config)
    } catch let error as ConfigError {
      return [error.diagnostic]
    } catch {
      return [.error(errorMessage(error))]
    }
  }

  static func report(_ json: [UInt8], to target: carillon_diagnostics) -> Int32 {
    var status = CARILLON_OK
    for diagnostic in diagnostics(json) {
      let isError = diagnostic.severity == .error
      if isError { status = CARILLON_ERROR }
      withBytes(diagnostic.pointer) { pointer in
        withBytes(diagnostic.message) { message in
          target.report?(target.context, isError ? 1 : 0, pointer, message)
        }
      }
    }
    return status
  }
}
