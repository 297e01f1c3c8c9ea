import ArgumentParser

@main
struct Dropgate: AsyncParsableCommand {}
