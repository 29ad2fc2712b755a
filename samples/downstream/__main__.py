from downstream.app import main

main()
