import FoundationEssentials

/// What an item is: a function to look at, or a change to make.
package enum CostItem: Codable, Hashable, Sendable {
  case function(FunctionFacts)
  case change(ChangePlan.Change)

  package var key: String {
    switch self {
    case .function(let function): function.name
    case .change(let change): change.function
    }
  }
}

extension CostItem {
  /// Reads what the store kept of an item.
  init(payload: [UInt8]) throws { self = try JSONDecoder().decode(CostItem.self, from: Data(payload)) }
}
