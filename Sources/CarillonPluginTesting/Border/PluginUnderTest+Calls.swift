import CCarillonPlugin
import CarillonPlugin

/// The plugin's C functions. Main thread, as the contract says.
extension PluginUnderTest {
  func manifestJSON() -> [UInt8] {
    select { descriptor.pointee.describe?().array ?? [] }
  }

  func manifest() throws -> Manifest {
    do {
      return try JSON.document(Manifest.self, from: manifestJSON())
    } catch {
      throw HarnessError(
        code: .manifest, message: "the manifest cannot be read: \(errorMessage(error))")
    }
  }

  func check(_ config: String) -> (diagnostics: [Diagnostic], status: Int32) {
    guard let check = descriptor.pointee.check else { return ([], CARILLON_OK) }
    let list = DiagnosticList()
    var target = carillon_diagnostics(
      struct_size: UInt32(MemoryLayout<carillon_diagnostics>.size), reserved: 0,
      context: Unmanaged.passUnretained(list).toOpaque(),
      report: { context, isError, pointer, message in
        // The context is the list above, which outlives the call.
        let list = Unmanaged<DiagnosticList>.fromOpaque(context!).takeUnretainedValue()
        list.values.append(
          Diagnostic(
            severity: isError != 0 ? .error : .warning, pointer: pointer.string,
            message: message.string))
      })
    let status = select { lend(config) { check($0, &target) } }
    return withExtendedLifetime(list) { (list.values, status) }
  }

  func create(_ host: FakeHost, _ config: String) -> UnsafeMutableRawPointer? {
    select { lend(config) { descriptor.pointee.create?(host.pointer, $0) } }
  }

  func discover(_ instance: UnsafeMutableRawPointer, _ host: FakeHost) -> Int32 {
    let checkpoint = host.withState { state in
      state.stage = .discover
      return state.record.discoveryCheckpoints.last ?? state.script.discoveryCheckpoint ?? ""
    }
    defer { host.withState { $0.stage = .idle } }
    return withRun(host) { run in
      lend(checkpoint) { checkpoint in
        var sink = carillon_sink(
          struct_size: UInt32(MemoryLayout<carillon_sink>.size), reserved: 0,
          context: Unmanaged.passUnretained(host).toOpaque(), checkpoint: checkpoint,
          emit: { context, items, count, stride in
            pretended(context).emit(newItems(items, count, stride))
          },
          set_checkpoint: { context, value in
            guard value.size <= UInt64(CARILLON_MAX_CHECKPOINT_BYTES) else {
              return CARILLON_REFUSED
            }
            pretended(context).withState { $0.record.discoveryCheckpoints.append(value.string) }
            return CARILLON_OK
          })
        return descriptor.pointee.discover?(instance, run, &sink) ?? CARILLON_ERROR
      }
    }
  }

  func process(
    _ instance: UnsafeMutableRawPointer, _ host: FakeHost, _ memory: BatchMemory
  ) -> Int32 {
    withRun(host) { descriptor.pointee.process?(instance, $0, memory.batch) ?? CARILLON_ERROR }
  }

  /// CARILLON_OK for a plugin without `finish`.
  func finish(_ instance: UnsafeMutableRawPointer, _ host: FakeHost) -> Int32 {
    guard let finish = descriptor.pointee.finish else { return CARILLON_OK }
    host.withState { $0.stage = .finish }
    defer { host.withState { $0.stage = .idle } }
    let cursor = ResultCursor(host.withState { $0 })
    return withRun(host) { run in
      withExtendedLifetime(cursor) {
        var summary = cursor.summary
        return finish(instance, run, &summary)
      }
    }
  }

  private func withRun(
    _ host: FakeHost, _ body: (UnsafePointer<carillon_run>) -> Int32
  ) -> Int32 {
    let script = host.withState(\.script)
    return lend(script.runID) { id in
      lend(script.job) { job in
        lend(script.event ?? "") { event in
          var run = carillon_run(
            struct_size: UInt32(MemoryLayout<carillon_run>.size),
            flags: script.isPlan ? CARILLON_RUN_PLAN : 0, id: id, job: job, event: event,
            started_at_us: 1_700_000_000_000_000, deadline_us: script.deadlineUs,
            due_at_us: script.dueAtUs)
          return body(&run)
        }
      }
    }
  }
}

/// The host that a sink's context stands for.
private func pretended(_ context: UnsafeMutableRawPointer?) -> FakeHost {
  Unmanaged<FakeHost>.fromOpaque(context!).takeUnretainedValue()
}

/// Lends text to a call, without a NUL byte behind it: a plugin that looks for one reads what it must not.
private func lend<Value>(_ text: String, _ body: (carillon_bytes) -> Value) -> Value {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count + 1, alignment: 1)
  defer { buffer.deallocate() }
  buffer.copyBytes(from: Array(text.utf8) + [0xDD])
  return body(carillon_bytes(UnsafeRawBufferPointer(rebasing: buffer.dropLast())))
}

/// Findings, gathered on one thread.
private final class DiagnosticList {
  var values: [Diagnostic] = []
}
