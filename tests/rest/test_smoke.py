def test_smoke(api):
    r = api.post("houses", {"title": "A", "total": 5}, Idempotency_Key="k1")
    print(r.status_code, r.headers, r.content)
    r2 = api.post("houses", {"title": "A", "total": 5}, Idempotency_Key="k1")
    print(r2.status_code, r2.headers, r2.content)
    print(api.get("houses?limit=1&expand=owner&ordering=-title&search=a").content)
    print(api.get("houses?limt=1&least=x").content)
    r = api.get(f"houses/{r.json()['id']}")
    print(r.content, r.headers)
    print(api.get("openapi.json").content[:3000])
    print(api.client.get("/readyz").content, api.client.get("/metrics").content[-200:])
    print(api.client.get("/api/v1/nothing").content)
    for x in "crash", "slow", "overflow":
        print(api.post("broken/" + x).content)
