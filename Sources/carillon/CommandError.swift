import ArgumentParser
import ControlAPI
import Engine
import JobFiles
import Store
import WorkerPool

/// Why a command could not do what was asked, as a person reads it.
struct CommandError: Error {
  var status: ExitStatus
  /// One line: what happened, to what, and what to do.
  var message: String
  /// Printed before the message, each on its own line: the findings in a job file.
  var details: [String] = []
  /// Shown with `--verbose`: what lies below, outermost first.
  var causes: [String] = []

  init(_ status: ExitStatus, _ message: String, details: [String] = []) {
    self.status = status
    self.message = message
    self.details = details
  }

  init(_ error: StoreError) {
    status = Self.status(of: error)
    message = error.message
    causes = Self.chain(error)
  }

  init(_ error: EngineError) {
    message = error.message
    switch error.code {
    case .store: status = (error.cause as? StoreError).map(Self.status) ?? .storage
    case .plugin: status = .pluginUnavailable
    case .config, .state: status = .invalidData
    case .io: status = .storage
    }
    causes = ["engine \(error.code.rawValue)"] + Self.chain(error.cause)
  }

  init(_ error: WorkerPoolError) {
    status = error.code == .create ? .invalidData : .pluginUnavailable
    message = error.message
    causes = Self.chain(error)
  }

  init(_ error: JobFileError) {
    message = error.message
    details = error.findings.map(\.description)
    switch error.code {
    case .unreadable, .notFound: status = .notFound
    case .invalid: status = .invalidData
    case .override: status = .usage
    }
  }

  init(_ error: ControlError) {
    message = error.message
    details = error.findings.map(\.text)
    causes = ["control \(error.code.rawValue)"]
    switch error.code {
    case .malformed: status = .usage
    case .notFound: status = .notFound
    case .conflict, .invalid: status = .invalidData
    case .forbidden: status = .notPermitted
    case .notHere, .unavailable: status = .temporary
    case .pluginUnavailable: status = .pluginUnavailable
    case .storage: status = .storage
    case .fault: status = .fault
    }
  }

  /// Any error that reached the top.
  init(_ error: any Error) {
    switch error {
    case let error as CommandError: self = error
    case let error as ControlError: self.init(error)
    case let error as StoreError: self.init(error)
    case let error as EngineError: self.init(error)
    case let error as WorkerPoolError: self.init(error)
    case let error as JobFileError: self.init(error)
    default: self.init(.fault, "\(error)")
    }
  }

  /// A cause and what lies below it, without repeating messages.
  private static func chain(_ cause: (any Error)?) -> [String] {
    switch cause {
    case nil: []
    case let error as StoreError: ["store \(error.code.rawValue)"] + chain(error.cause)
    case let error as WorkerPoolError: ["worker pool \(error.code.rawValue)"]
    case let error?: ["\(type(of: error)): \(error)"]
    }
  }

  private static func status(of error: StoreError) -> ExitStatus {
    switch error.code {
    case .locked: .temporary
    case .notFound: .notFound
    case .unavailable: .cannotCreate
    case .conflict: .invalidData
    case .full, .damaged, .tooNew, .io: .storage
    }
  }
}
