extension WorkerPool {
  /// Workers that live: those that wait for work and those that runs have.
  package func workers() -> [(worker: Worker, isIdle: Bool)] {
    let waiting = idle.values.flatMap { $0 }.filter { !$0.hasEnded }
    lent = lent.filter { !$0.value.hasEnded }
    return waiting.map { ($0, true) } + lent.values.map { ($0, false) }
  }

  /// Ends idle workers that `isMeant` is true of: whoever needs one next gets a new one. Returns how many.
  package func endIdle(where isMeant: (Worker) -> Bool) async -> Int {
    var leaving: [Worker] = []
    for (spec, workers) in idle {
      leaving += workers.filter { isMeant($0) && !$0.hasEnded }
      let staying = workers.filter { !isMeant($0) && !$0.hasEnded }
      idle[spec] = staying.isEmpty ? nil : staying
    }
    let ending = leaving
    await withTaskGroup(of: Void.self) { group in
      for worker in ending { group.addTask { [time] in await worker.end(grace: .seconds(5), time: time) } }
    }
    return ending.count
  }
}
