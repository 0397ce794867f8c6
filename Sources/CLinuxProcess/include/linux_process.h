typedef int carillon_linux_process;
