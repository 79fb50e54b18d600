import Casework
import Hummingbird

/// Every page with its path.
struct Pages: Sendable {
  let words: Words
  private let desk: Desk
  private let crossSite = CrossSite()
  private let boards: LiveBoards
  private let outcomes = OutcomeShelf()

  init(desk: Desk) {
    self.desk = desk
    words = .english
    boards = LiveBoards(desk: desk, words: .english)
  }

  func addRoutes(to router: Router<BasicRequestContext>) {
    let routes = PageRoutes(router: router, doorkeeper: Doorkeeper(desk: desk, crossSite: crossSite, words: words))
    let signIn = SignInPage(desk: desk, crossSite: crossSite, words: words)
    routes.addOpen("/sign-in", get: signIn.show, post: signIn.signIn)
    routes.addOpen("/assets/:version/:name") { _, context in
      try Asset.response(context.parameters.get("name") ?? "", version: context.parameters.get("version"))
    }
    routes.add("/", get: { _ in PageReply.redirect(Target("operations")) })
    routes.add("/sign-out", post: signIn.signOut)
    addOperations(to: routes)
    addWork(to: routes)
    addRecord(to: routes)
  }

  private func addOperations(to routes: PageRoutes) {
    routes.add("/operations", get: OperationsPage.show, post: OperationsPage.open)
    routes.add("/operations/:id", get: { [boards] in try await BoardPage.show($0, boards) })
    routes.add("/operations/:id/events", get: { [boards] in try await BoardStream.open($0, boards) })
    routes.add("/operations/:id/h-hour", post: OperationsPage.setHHour)
    routes.add("/operations/:id/participants", post: OperationsPage.join)
    routes.add("/operations/:id/figures/:figure", get: { [boards] in try await FigurePage.show($0, boards) })
    routes.add("/report/:id", get: ReportPage.show)
    routes.add("/providers", get: ProvidersPage.show)
    routes.add("/outlets", get: OutletsPage.show, post: OutletsPage.register)
  }

  private func addWork(to routes: PageRoutes) {
    let queue = QueueActions(outcomes: outcomes)
    routes.add("/queue", get: QueuePage.show, post: queue.act)
    routes.add("/queue/assess", post: queue.assess)
    routes.add("/queue/outcomes/:key", get: queue.show)
    routes.add("/items/:id", get: ItemPage.show)
    routes.add("/items/:id/assess", post: ItemActions.assess)
    routes.add("/items/:id/confirm", post: ItemActions.confirm)
    routes.add("/items/:id/deconflict", post: ItemActions.deconflict)
    routes.add("/items/:id/clear", post: ItemActions.clear)
    routes.add("/items/:id/override", post: ItemActions.override)
    routes.add("/items/:id/refer", post: ItemActions.refer)
    routes.add("/items/:id/retract", post: ItemActions.retract)
    routes.add("/items/:id/proof/:index", get: ProofPage.show)
    routes.add("/items/:id/proof/:index/download", get: ProofPage.download)
    routes.add("/cases", get: CasesPage.show, post: CasesPage.open)
    routes.add("/cases/:id/facts", post: CasesPage.record)
    routes.add("/interests", get: InterestsPage.show, post: InterestsPage.register)
    routes.add("/interests/withdraw", post: InterestsPage.withdraw)
  }

  private func addRecord(to routes: PageRoutes) {
    routes.add("/journal", get: JournalPage.show)
    routes.add("/journal/:index", get: JournalPage.showEntry)
    routes.add("/journal/:index/proof", get: JournalPage.downloadProof)
  }
}
