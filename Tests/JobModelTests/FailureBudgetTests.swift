import JobModel
import Testing

struct FailureBudgetTests {
  @Test func anUnlimitedBudgetIsNeverSpent() {
    #expect(!FailureBudget.unlimited.isSpent(failed: .max, ended: .max))
  }

  @Test func aCountIsSpentByOneMore() {
    for limit in 0...20 {
      for failed in 0...30 { #expect(FailureBudget.count(limit).isSpent(failed: failed, ended: 100) == (failed > limit)) }
    }
  }

  @Test func aPercentageWaitsForItsFloor() {
    let budget = FailureBudget.percent(10, floor: 50)
    #expect(!budget.isSpent(failed: 49, ended: 49))
    #expect(budget.isSpent(failed: 49, ended: 50))
    #expect(!budget.isSpent(failed: 5, ended: 50), "10 % is allowed")
    #expect(budget.isSpent(failed: 6, ended: 50))
    #expect(!FailureBudget.percent(0, floor: 1).isSpent(failed: 0, ended: 1))
    #expect(FailureBudget.percent(0, floor: 1).isSpent(failed: 1, ended: 1_000_000))
    #expect(!FailureBudget.percent(100, floor: 1).isSpent(failed: 7, ended: 7))
  }
}
