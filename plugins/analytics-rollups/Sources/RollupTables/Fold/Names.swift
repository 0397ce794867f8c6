/// The types and countries of all parts under common numbers. Their order is that of their bytes, behind the types that have
/// columns, so that which of two comes first does not hang on what else there is.
struct Names {
  private(set) var types: [String]
  /// A country's number is one more than its place.
  private(set) var countries: [String]

  init(_ parts: [PartFile]) {
    let own = Set(EventType.names)
    types = EventType.names + Self.sorted(parts.flatMap(\.facts.types)).filter { !own.contains($0) }
    countries = Self.sorted(parts.flatMap(\.facts.countries))
  }

  private static func sorted(_ names: [String]) -> [String] {
    Set(names.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
  }

  func type(_ name: String) -> UInt32? { types.firstIndex(of: name).map(UInt32.init) }

  /// The common numbers of a part's types and countries, by the part's.
  func numbers(of part: PartFile) -> (types: [UInt32], countries: [UInt32]) {
    let byType = Dictionary(uniqueKeysWithValues: types.enumerated().map { (Array($1.utf8), UInt32($0)) })
    let byCountry = Dictionary(uniqueKeysWithValues: countries.enumerated().map { (Array($1.utf8), UInt32($0) + 1) })
    return (
      part.facts.types.map { byType[Array($0.utf8)] ?? 0 }, [0] + part.facts.countries.map { byCountry[Array($0.utf8)] ?? 0 }
    )
  }
}
