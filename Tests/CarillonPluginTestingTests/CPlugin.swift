import CCarillonPlugin

/// A plugin of bare C functions, to be broken one function at a time.
enum CPlugin {
  /// Two items, completed at once.
  static var good: carillon_plugin {
    carillon_plugin(
      struct_size: UInt32(MemoryLayout<carillon_plugin>.size),
      abi_major: UInt16(CARILLON_ABI_MAJOR), abi_minor: UInt16(CARILLON_ABI_MINOR),
      describe: { CPlugin.bytes(#"{"id": "bare", "version": "1", "max_in_flight": 2}"#) },
      check: { config, diagnostics in
        if CPlugin.isObject(config) { return CARILLON_OK }
        diagnostics?.pointee.report(diagnostics?.pointee.context, 1, CPlugin.bytes(""), CPlugin.bytes("no object"))
        return CARILLON_ERROR
      },
      create: { host, config in
        guard let host, CPlugin.isObject(config) else {
          host?.pointee.error(host, CPlugin.bytes("no object"))
          return nil
        }
        let box = UnsafeMutablePointer<UnsafePointer<carillon_host>>.allocate(capacity: 1)
        box.initialize(to: host)
        return UnsafeMutableRawPointer(box)
      },
      discover: { instance, _, sink in
        guard let sink else { return CARILLON_ERROR }
        let size = UInt32(MemoryLayout<carillon_new_item>.size)
        let items = ["a", "b"].map {
          carillon_new_item(struct_size: size, priority: 0, key: CPlugin.bytes($0), payload: CPlugin.bytes("1"))
        }
        let status = sink.pointee.emit(sink.pointee.context, items, 2, size)
        if status == CARILLON_OK { return CARILLON_OK }
        CPlugin.host(instance).pointee.error(CPlugin.host(instance), CPlugin.bytes("emit failed"))
        return CARILLON_ERROR
      },
      process: { instance, _, batch in CPlugin.complete(instance, batch) },
      finish: nil, cancel: nil,
      destroy: { instance in instance?.deallocate() },
      extension: nil)
  }

  /// The table at an address of its own. Never freed, as the contract asks.
  static func descriptor(_ table: carillon_plugin) -> UnsafePointer<carillon_plugin> {
    let copy = UnsafeMutablePointer<carillon_plugin>.allocate(capacity: 1)
    copy.initialize(to: table)
    return UnsafePointer(copy)
  }

  static func complete(
    _ instance: UnsafeMutableRawPointer?, _ batch: UnsafePointer<carillon_batch>?,
    kind: UInt32 = CARILLON_SUCCEEDED
  ) -> Int32 {
    guard let batch = batch?.pointee else { return CARILLON_ERROR }
    for index in 0..<Int(batch.count) {
      let raw = UnsafeRawPointer(batch.items!) + index * Int(batch.stride)
      // A completed item's memory is poisoned, and so is its id: a second completion names an item that is not open.
      let id = raw.load(fromByteOffset: MemoryLayout<carillon_item>.offset(of: \.id)!, as: UInt64.self)
      var outcome = carillon_outcome()
      outcome.struct_size = UInt32(MemoryLayout<carillon_outcome>.size)
      outcome.kind = kind
      _ = host(instance).pointee.complete(host(instance), id, &outcome)
    }
    return CARILLON_OK
  }

  /// Constant text. Never freed.
  static func bytes(_ text: String) -> carillon_bytes {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    copy.copyBytes(from: Array(text.utf8))
    return carillon_bytes(
      data: copy.baseAddress?.assumingMemoryBound(to: CChar.self), size: UInt64(copy.count))
  }

  private static func isObject(_ config: carillon_bytes) -> Bool {
    config.size == 2 && config.data[0] == 0x7B && config.data[1] == 0x7D
  }

  private static func host(_ instance: UnsafeMutableRawPointer?) -> UnsafePointer<carillon_host> {
    instance!.assumingMemoryBound(to: UnsafePointer<carillon_host>.self).pointee
  }
}
