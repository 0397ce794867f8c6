package import AWSClient

/// An object that is to be moved, as an item's payload.
package struct DueObject: Codable, Hashable, Sendable {
  package var key: String
  package var versionID: String?
  package var bytes: Int64
  /// With its quotes.
  package var eTag: String
  package var from: StorageClass
  package var to: StorageClass
  /// The id of the rule that asks for it.
  package var rule: String
  /// US dollars less a month, once it is there.
  package var savesMonthly: Double

  package init(
    key: String, versionID: String? = nil, bytes: Int64, eTag: String, from: StorageClass, to storageClass: StorageClass,
    rule: String = "", savesMonthly: Double = 0
  ) {
    self.key = key
    self.versionID = versionID
    self.bytes = bytes
    self.eTag = eTag
    self.from = from
    to = storageClass
    self.rule = rule
    self.savesMonthly = savesMonthly
  }

  package init(_ object: ScannedObject, to storageClass: StorageClass, rule: String, savesMonthly: Double) {
    self.init(
      key: object.key, versionID: object.versionID, bytes: object.bytes, eTag: object.eTag, from: object.storageClass,
      to: storageClass, rule: rule, savesMonthly: savesMonthly)
  }

  /// The item's key: the object's, or for one that is too long its beginning and a hash of the whole.
  package var itemKey: String {
    let prefix = "object/"
    guard prefix.utf8.count + key.utf8.count > 1_024 else { return prefix + key }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var start = key
    while start.utf8.count > 960 { start.removeLast() }
    return prefix + start + "…" + String(hash, radix: 16)
  }
}
