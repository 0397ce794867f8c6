extension CachingCredentials {
  /// What was given, else the environment, the shared files, the container's endpoint, the instance's role: the first that
  /// has any. With `profile` set, that profile alone.
  package static func chain(
    given: Credentials? = nil, profile: String? = nil, transport: Transport, surroundings: Surroundings = Surroundings()
  ) -> CachingCredentials {
    if let given { return CachingCredentials(sources: [StaticCredentials(given)], surroundings: surroundings) }
    if let profile {
      return CachingCredentials(
        sources: [ProfileCredentials(profile: profile, surroundings: surroundings)], surroundings: surroundings)
    }
    return CachingCredentials(
      sources: [
        EnvironmentCredentials(surroundings: surroundings), ProfileCredentials(surroundings: surroundings),
        ContainerCredentials(transport: transport, surroundings: surroundings),
        InstanceCredentials(transport: transport, surroundings: surroundings),
      ], surroundings: surroundings)
  }
}
