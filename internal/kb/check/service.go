package check

// startService is the fix for a service that does not run, and its rollback.
func startService(name string) (fix, rollback Remedy) {
	return Remedy{
			Text:    Text{JA: "サービスを開始します (管理者)。", EN: "Start the service (administrator)."},
			Command: "net start " + name,
		}, Remedy{
			Text:    Text{JA: "サービスを停止します。", EN: "Stop the service."},
			Command: "net stop " + name,
		}
}
