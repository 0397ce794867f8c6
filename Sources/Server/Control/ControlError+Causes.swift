package import ControlAPI
package import Engine
package import JobFiles
package import Store
package import WorkerPool

extension ControlError {
  package init(_ error: StoreError) {
    let code: Code =
      switch error.code {
      case .notFound: .notFound
      case .conflict: .conflict
      case .locked, .unavailable: .unavailable
      case .full, .damaged, .tooNew, .io: .storage
      }
    self.init(code, error.message)
  }

  package init(_ error: EngineError) {
    if let cause = error.cause as? StoreError, error.code == .store {
      self.init(cause)
      return
    }
    let code: Code =
      switch error.code {
      case .store, .io: .storage
      case .plugin: .pluginUnavailable
      case .config: .invalid
      case .state: .conflict
      }
    self.init(code, error.message)
  }

  package init(_ error: JobFileError) {
    let code: Code =
      switch error.code {
      case .unreadable, .notFound: .notFound
      case .invalid, .override: .invalid
      }
    self.init(code, error.message, findings: error.findings.map(FindingDocument.init))
  }

  package init(_ error: WorkerPoolError) { self.init(error.code == .create ? .invalid : .pluginUnavailable, error.message) }
}
